/** Whether this is a trial run: said by every answer of the server, remembered for the time without one. */
const NAME = "lotgate.trial";

class Trial {
  /** "yes": nothing here counts; an address: where one can practise; "" where there is neither. */
  #said = $state(window.localStorage.getItem(NAME) ?? "");

  get on(): boolean {
    return this.#said === "yes";
  }

  get address(): string {
    return this.on ? "" : this.#said;
  }

  hear(said: string | null): void {
    if ((said ?? "") === this.#said) return;
    this.#said = said ?? "";
    window.localStorage.setItem(NAME, this.#said);
  }
}

export const trial = new Trial();
