/** The chat of this person over a WebSocket; messages are edited in place, the line is taken up again by itself. */
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
  /** Not yet confirmed by an answer of the server. */
  unsent: boolean;
}

interface Incoming {
  method: string;
  message_id?: number;
  text?: string;
  buttons?: Button[][];
  alert?: boolean | string;
  mine?: boolean;
  from?: string;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;

export class Conversation {
  messages = $state<Message[]>([]);
  connected = $state(false);
  toast = $state("");
  #socket: WebSocket | null = null;
  #pause = FIRST_PAUSE_MS;
  #closed = false;
  #unsent: string[] = [];

  open(): void {
    const scheme = window.location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${window.location.host}/api/chat`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.connected = true;
      this.#pause = FIRST_PAUSE_MS;
      // The server replays what was said; what is shown here from before would stand twice.
      this.messages = this.messages.filter((message) => message.unsent);
      for (const line of this.#unsent.splice(0)) socket.send(line);
    });
    socket.addEventListener("message", (event) => this.#take(JSON.parse(String(event.data)) as Incoming));
    socket.addEventListener("close", () => this.#again());
  }

  close(): void {
    this.#closed = true;
    this.#socket?.close();
  }

  say(text: string): void {
    this.#show(null, true, text, [], true);
    this.#send({ id: makeId(), text });
  }

  press(message: Message, button: Button): void {
    if (button.data !== undefined) this.#send({ id: makeId(), press: button.data, message_id: message.id });
  }

  async sendPicture(file: Blob, words: string): Promise<void> {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let place = 0; place < bytes.length; place += 0x8000) text += String.fromCharCode(...bytes.subarray(place, place + 0x8000));
    this.#show(null, true, words, [], true);
    this.#send({ id: makeId(), picture: btoa(text) });
  }

  #send(line: object): void {
    const text = JSON.stringify(line);
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
    else this.#unsent.push(text);
  }

  #again(): void {
    this.connected = false;
    if (this.#closed) return;
    window.setTimeout(() => {
      if (!this.#closed) this.open();
    }, this.#pause);
    this.#pause = Math.min(LONGEST_PAUSE_MS, this.#pause * 2);
  }

  #take(incoming: Incoming): void {
    for (const message of this.messages) message.unsent = false;
    const { method, message_id = null, text = "", buttons = [] } = incoming;
    if (method === "answerCallbackQuery") {
      this.toast = text || (typeof incoming.alert === "string" ? incoming.alert : "");
      return;
    }
    const known = this.messages.find((message) => message.id !== null && message.id === message_id);
    if (known === undefined) this.#show(message_id, incoming.mine === true || incoming.from === "person", text, buttons, false);
    else Object.assign(known, { text, buttons });
  }

  #show(id: number | null, mine: boolean, text: string, buttons: Button[][], unsent: boolean): void {
    this.messages.push({ key: makeId(), id, mine, text, buttons, unsent });
  }
}
