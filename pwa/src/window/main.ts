import { mount } from "svelte";

import "../design/tokens.css";
import "../design/page.css";
import { getSession } from "../api/calls.ts";
import { speak } from "../words/words.svelte.ts";
import App from "./App.svelte";
import { install } from "./install.svelte.ts";
import { applyLook, firstLanguage } from "./preferences.ts";
import { registerServiceWorker } from "./register.ts";
import { open, watch } from "./session.svelte.ts";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no element with the id app");

applyLook();
watch();
install.watch();
const asked = getSession();
asked.catch(() => {}); // heard of by whoever opens
await speak(firstLanguage());
mount(App, { target });
void open(asked);
void registerServiceWorker();
