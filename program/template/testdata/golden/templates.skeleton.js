$T("templates.jxml",function(R){
const T={};
const B0=R.b((b,f,c)=>{(c||R.u1(f.u,"big")||R.u1(f.u,"goods")||R.u1(f.u,"count"))&&R.p(b,0,f,1,f.d.big?"card":"small",{goods:f.d.goods,n:f.d.count+1},{goods:R.g1(f.u,"goods"),n:R.u1(f.u,"count")?!0:void 0},T)});
return Object.assign(T,{b:B0,t:{tree:0,twin:0},i:["head.jxml","cards.jxml"]})});
