import { mount } from "svelte";

import App from "./App.svelte";
import { registerServiceWorker } from "./register.ts";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no element with the id app");

mount(App, { target });
void registerServiceWorker();
