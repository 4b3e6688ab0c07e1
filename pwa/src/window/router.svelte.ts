/** Where the page is: the part of the address after `#`. */
class Router {
  path = $state(readPath());
  query = $state.raw(readQuery());
  /** How many steps inside the page lie behind: none means that "back" would leave it. */
  depth = 0;

  constructor() {
    window.addEventListener("hashchange", () => {
      this.path = readPath();
      this.query = readQuery();
      this.depth += 1;
    });
  }
}

export const router = new Router();

export function go(path: string): void {
  window.location.hash = path;
}

/** Changes the address without a step in the history: the inspection that moves on, a filter. */
export function goInstead(path: string): void {
  // The step that is heard of next leads nowhere new.
  if (window.location.hash !== `#${path}`) router.depth -= 1;
  window.location.replace(`#${path}`);
}

export function back(fallback: string): void {
  if (router.depth > 0) window.history.back();
  else goInstead(fallback);
}

function readPath(): string {
  return window.location.hash.replace(/^#/, "").split("?")[0] || "/";
}

function readQuery(): URLSearchParams {
  return new URLSearchParams(window.location.hash.split("?")[1] ?? "");
}
