import"./chunk.BXGYRTMY.js";function n({outside:e}){return e?"x":"y"}export{n as default};
