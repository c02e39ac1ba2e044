$T("components.jxml",function(R){
const B0=R.b("<mm-view>more</mm-view>",[],0,0);
const Q1=[B0];
const B2=R.b("<mm-view> </mm-view><!---->",[[0,0],[1]],0,(b,f,c)=>{(c||R.u1(f.w,"title"))&&R.t(b,0,0,f.v?.title);R.q(b,0,1,f,(f.v?.more)?0:-1,Q1)});
const B3=R.b(" ",[[0]],0,(b,f,c)=>{(c||R.u1(f.u,"owner"))&&R.t(b,0,0,"body of "+R.y(f.d.owner))});
const B4=R.b("<x-price-tag></x-price-tag>",[[0]],[[0,{k:1}]],(b,f,c)=>{c&&R.k(b,0,0,f,2,0)});
const Q5=[B4];
const B6=R.b("<!---->",[[0]],0,(b,f,c)=>{R.q(b,0,0,f,(f.v?.more)?0:-1,Q5)});
const S7={"":B3,foot:B6,head:B2};
const B8=R.b("<x-card-box></x-card-box>",[[0]],[[0,{k:1}]],(b,f,c)=>{(c||R.u1(f.w,"gone"))&&R.h(b,0,0,f.v?.gone);R.k(b,0,0,f,1,S7)});
const B9=R.b("<x-price-tag id=\"p1\"></x-price-tag><!----><mm-view><mm-view><!----></mm-view></mm-view><mm-view><mm-view>nothing for the logic side</mm-view></mm-view>",[[0],[1],[2],[2,0],[2,0,0]],[[0,{e:{change:["onChange",0]},k:1}],[2,{e:{picked:["onPicked",0]},d:{a:"1"}}],[3,{e:{tap:["t",0]}}]],(b,f,c)=>{(c||R.u1(f.u,"c"))&&R.c(b,0,0,"tag "+R.y(f.d.c));(c||R.u1(f.u,"sku"))&&R.d(b,0,"sku",f.d.sku);(c||R.u1(f.u,"h"))&&R.e(b,0,"tap",0,f.d.h);c&&R.k(b,0,0,f,0,0);R.f(b,1,1,f,f.d.cards,R.g1(f.u,"cards"),R.u1(f.u,"owner"),"id",B8);R.o(b,2,4,f,f.d.where)});
return{b:B9,t:{},i:[]}});
