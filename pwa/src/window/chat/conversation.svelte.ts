/**
 * The chat of this person over a WebSocket; messages are edited in place, the connection is taken up again by itself. What the
 * person says is kept here until the server has said that it took it, and goes out again under the same id: it counts once.
 * Of a page that was closed before that, the words are left: the talk may have gone on elsewhere, so a person sends them or not.
 */
import { keep, readKept } from "../../api/kept.ts";
import { makeId } from "../../outbox/ids.ts";

export interface Button {
  text: string;
  data?: string;
  url?: string;
}

export interface Message {
  key: string;
  id: number | null;
  mine: boolean;
  text: string;
  buttons: Button[][];
}

/** What the person said or pressed, as it goes over the line. */
interface Said {
  id: string;
  text?: string;
  press?: string;
  message_id?: number | null;
  picture?: string;
}

/** `ready`: everything that was said before has been shown. `taken`: what was said under this `id` has been handled. */
interface Incoming {
  method: string;
  id?: string;
  message_id?: number;
  text?: string;
  buttons?: Button[][];
  alert?: boolean | string;
  mine?: boolean;
  from?: string;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;
/** Bytes of a picture: what the line carries in one piece. */
const LARGEST = 20 * 2 ** 20;

export interface Waiting {
  said: Said;
  /** How it stands in the chat; empty for a press. */
  words: string;
}

/** Where the phone keeps what was said and not taken; presses are not, their buttons are still there. */
const PLACE = "chat/unsent";

/** Said, and not taken by the server yet, oldest first: by person, and kept while other screens are open. */
const kept = new Map<string, Waiting[]>();
/** The same of pages that were closed. */
const left = new Map<string, Waiting[]>();

export class Conversation {
  messages = $state<Message[]>([]);
  /** The connection broke, or could not be made: what is said waits. */
  lost = $state(false);
  toast = $state("");
  #socket: WebSocket | null = null;
  #pause = FIRST_PAUSE_MS;
  #closed = false;
  #ready = false;
  #waiting = $state.raw<Waiting[]>([]);
  #left = $state.raw<Waiting[]>([]);

  constructor(private readonly personId: string) {
    this.#waiting = kept.get(personId) ?? [];
    this.#left = left.get(personId) ?? [];
    if (!left.has(personId)) void this.#find();
  }

  open(): void {
    const scheme = window.location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${window.location.host}/api/chat`);
    this.#socket = socket;
    this.#ready = false;
    socket.addEventListener("open", () => {
      this.lost = false;
      this.#pause = FIRST_PAUSE_MS;
      // The server shows again what was said; what stands here from before would stand twice.
      this.messages = [];
    });
    socket.addEventListener("message", (event) => this.#take(JSON.parse(String(event.data)) as Incoming));
    socket.addEventListener("close", () => this.#again());
  }

  close(): void {
    this.#closed = true;
    this.#socket?.close();
  }

  say(text: string): void {
    this.#send({ id: makeId(), text }, text);
  }

  press(message: Message, button: Button): void {
    if (button.data !== undefined) this.#send({ id: makeId(), press: button.data, message_id: message.id });
  }

  async sendPicture(file: Blob, words: string, tooLarge: string): Promise<void> {
    if (file.size > LARGEST) return void (this.toast = tooLarge);
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let place = 0; place < bytes.length; place += 0x8000) text += String.fromCharCode(...bytes.subarray(place, place + 0x8000));
    this.#send({ id: makeId(), picture: btoa(text) }, words);
  }

  /** How much of what was said the server has not taken yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether the server has not taken this yet: something said here, or a button pressed. */
  waits(message: Message, button?: Button): boolean {
    const same = button === undefined ? ({ id }: Said) => id === message.key : ({ press, message_id }: Said) => press === button.data && message_id === message.id;
    return this.#waiting.some(({ said }) => same(said));
  }

  /** What was said on a page that was closed before it went out. */
  get left(): Waiting[] {
    return this.#left;
  }

  /** It still holds: it goes out now, under the id that it had. */
  sendLeft(one: Waiting): void {
    this.dropLeft(one);
    this.#send(one.said, one.words);
  }

  dropLeft(one: Waiting): void {
    this.#leave(this.#left.filter((other) => other !== one));
  }

  async #find(): Promise<void> {
    const found = await readKept<Waiting[]>(PLACE);
    this.#leave([...(found?.value ?? []), ...this.#left]);
  }

  #leave(waiting: Waiting[]): void {
    this.#left = waiting;
    left.set(this.personId, waiting);
    this.#keep();
  }

  #keep(): void {
    if (!left.has(this.personId)) return; // not read yet: what lies there stays
    const words = [...this.#left, ...this.#waiting].filter((one) => one.words !== "");
    keep(PLACE, words).catch(() => {}); // a full phone: it stands on the screen alone
  }

  #send(said: Said, words = ""): void {
    this.#wait([...this.#waiting, { said, words }]);
    if (words !== "") this.#show(said.id, null, true, words, []);
    if (this.#ready) this.#socket?.send(JSON.stringify(said));
  }

  #wait(waiting: Waiting[]): void {
    this.#waiting = waiting;
    kept.set(this.personId, waiting);
    this.#keep();
  }

  #again(): void {
    this.#ready = false;
    this.lost = true;
    if (this.#closed) return;
    window.setTimeout(() => {
      if (!this.#closed) this.open();
    }, this.#pause);
    this.#pause = Math.min(LONGEST_PAUSE_MS, this.#pause * 2);
  }

  #take(incoming: Incoming): void {
    const { method, message_id = null, text = "", buttons = [] } = incoming;
    if (method === "ready") return this.#goOn();
    if (method === "taken") {
      this.#wait(this.#waiting.filter(({ said }) => said.id !== incoming.id));
      return;
    }
    if (method === "answerCallbackQuery") {
      this.toast = text || (typeof incoming.alert === "string" ? incoming.alert : "");
      return;
    }
    const known = this.messages.find((message) => message.id !== null && message.id === message_id);
    if (known === undefined) this.#show(makeId(), message_id, incoming.mine === true || incoming.from === "person", text, buttons);
    else Object.assign(known, { text, buttons });
  }

  /** Everything that the server has not taken, again. */
  #goOn(): void {
    this.#ready = true;
    for (const { said, words } of this.#waiting) {
      if (words !== "" && !this.messages.some(({ key }) => key === said.id)) this.#show(said.id, null, true, words, []);
      this.#socket?.send(JSON.stringify(said));
    }
  }

  #show(key: string, id: number | null, mine: boolean, text: string, buttons: Button[][]): void {
    this.messages.push({ key, id, mine, text, buttons });
  }
}
