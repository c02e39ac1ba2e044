$T("control.jxml",function(R){
const G=(o,k)=>{if(o!=null){if(typeof k!="number")k=""+k;return k==="constructor"||k==="prototype"||/^__(proto|(define|lookup)[GS]etter)__$/.test(k)?void 0:o[k]}};const B0=R.b(" ",[[0]],0,(b,f,c)=>{(c||f.p.x||f.x||f.w||R.u1(f.p.w,"label"))&&R.t(b,0,0,""+R.y(f.p.k)+"."+R.y(f.k)+" "+R.y(f.v)+" of "+R.y(f.p.v?.label))});
const B1=R.b("<mm-text>hot</mm-text>",[],0,0);
const B2=R.b("<mm-text>cold</mm-text>",[],0,0);
const B3=R.b("<mm-text>warm</mm-text><mm-text>?</mm-text>",[],0,0);
const Q4=[B1,B2,B3];
const B5=R.b("<mm-view><mm-text> </mm-text><!----><!----></mm-view>",[[0],[0,0,0],[0,1],[0,2]],0,(b,f,c)=>{(c||R.u1(f.u,"selected")||R.u1(f.w,"id"))&&R.c(b,0,0,"row "+(f.d.selected===f.v?.id?"on":""));(c||f.x)&&R.d(b,0,"i",f.k);(c||R.u1(f.u,"selected"))&&R.d(b,0,"on",f.d.selected);(c||R.u1(f.w,"label"))&&R.t(b,1,1,f.v?.label);R.f(b,0,2,f,f.v?.tags,R.g1(f.w,"tags"),!!(f.x||R.u1(f.w,"label")),"*this",B0);R.q(b,1,3,f,(f.v?.hot)?0:(f.d.cold)?1:2,Q4)});
const B6=R.b("<mm-view> </mm-view>",[[0,0]],0,(b,f,c)=>{(c||f.w)&&R.t(b,0,0,f.v)});
const Q7=[B6];
const B8=R.b("<!---->",[[0]],0,(b,f,c)=>{R.q(b,0,0,f,(f.v%2)?0:-1,Q7)});
const B9=R.b("<!----><!----><!---->",[[0],[1],[2]],0,(b,f,c)=>{R.f(b,0,0,f,f.d.rows,R.g1(f.u,"rows"),R.u1(f.u,"selected")||R.u1(f.u,"cold"),"id",B5);R.f(b,1,1,f,3,void 0,!1,0,B8);(c||R.u1(f.u,"m")||R.u1(f.u,"i"))&&R.f(b,2,2,f,G(f.d.m,f.d.i)?.list,R.u1(f.u,"m")||R.u1(f.u,"i")?!0:void 0,!1,"id",B6)});
return{b:B9,t:{},i:[]}});
