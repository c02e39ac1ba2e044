$T("components.jxml",function(R){
const S0={p:(f,c,P)=>{(c||R.u1(f.u,"price"))&&P("value",f.d.price);c&&(P("unitName","yuan"),P("myClass","red"),P("big",!0));(c||R.u2(f.u,"form","price"))&&P("value",f.d.form?.price);(c||R.u1(f.u,"c"))&&P("class","tag "+R.y(f.d.c))},e:{change:["onChange",0]},E:f=>({tap:[f.d.h,0]}),a:f=>({id:"p1",class:"tag "+R.y(f.d.c),data:{sku:f.d.sku}}),g:{icon:"star-icon"},o:{value:["form","price"]}};
const S1={p:(f,c,P)=>{(c||R.u1(f.w,"price"))&&P("value",f.v?.price)},a:f=>({slot:"foot"})};
const B2=R.b((b,f,c)=>{R.k(b,0,f,2,"price-tag",c,S1)});
const Q3=[B2];
const B4=R.b((b,f,c)=>{R.q(b,0,f,(f.v?.more)?0:-1,Q3)});
const S5={p:(f,c,P)=>{(c||R.u1(f.w,"gone"))&&P("hidden",f.v?.gone)},a:0,s:{foot:B4}};
const B6=R.b((b,f,c)=>{R.k(b,0,f,1,"card-box",c,S5)});
const B7=R.b((b,f,c)=>{R.o(b,0,f,f.d.where)});
const S8={e:{picked:["onPicked",0]},a:f=>({data:{a:"1"}})};
const B9=R.b((b,f,c)=>{R.k(b,0,f,0,"price-tag",c,S0);R.f(b,1,f,f.d.cards,R.g1(f.u,"cards"),!1,"id",B6);R.l(b,2,f,S8,B7)});
return{b:B9,t:{},i:[]}});
