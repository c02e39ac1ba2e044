$T("templates.jxml",function(R){
const T={};
const B0=R.b("<mm-view> </mm-view><!----><!----><!---->",[[0,0],[1],[2],[3]],0,(b,f,c)=>{(c||R.u1(f.u,"headline"))&&R.t(b,0,0,f.d.headline);(c||R.u1(f.u,"root"))&&R.p(b,0,1,f,0,"tree",{...f.d.root,level:0},((R.g1(f.u,"root"))===!0)||{...R.g1(f.u,"root")},T);(c||R.u1(f.u,"big")||R.u1(f.u,"goods")||R.u1(f.u,"count"))&&R.p(b,1,2,f,1,f.d.big?"card":"small",{goods:f.d.goods,n:f.d.count+1},{goods:R.g1(f.u,"goods"),n:R.u1(f.u,"count")?!0:void 0},T);c&&R.p(b,2,3,f,2,"plain",{},void 0,T)});
const B1=R.b("<!---->",[[0]],0,(b,f,c)=>{(c||f.w)&&R.p(b,0,0,f,0,"tree",{...f.v},((f.w)===!0)||{...f.w},T)});
const B2=R.b("<mm-view> <!----></mm-view>",[[0,0],[0,1]],0,(b,f,c)=>{(c||R.u1(f.u,"label"))&&R.t(b,0,0,f.d.label);R.f(b,0,1,f,f.d.kids,R.g1(f.u,"kids"),!1,"id",B1)});
return Object.assign(T,{b:B0,t:{tree:B2,twin:B2},i:["head.jxml","cards.jxml"]})});
