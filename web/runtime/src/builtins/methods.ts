// Selector queries, intersection observers, animations and the other view methods: fetched when first asked for.
import { createMethods } from "../view/methods";

window.$M.view.provide(createMethods(window.$M.view));
