/** Three tones that can be told apart in a noisy hall. iOS gives web pages no vibration. */
export type Tone = "good" | "attention" | "bad";

/** Each note: hertz, start and length in seconds. */
const NOTES: Record<Tone, [hertz: number, start: number, length: number][]> = {
  good: [
    [880, 0, 0.09],
    [1319, 0.1, 0.16],
  ],
  attention: [
    [660, 0, 0.12],
    [660, 0.2, 0.12],
  ],
  bad: [[196, 0, 0.45]],
};

let audio: AudioContext | undefined;

/** Browsers allow sound only after a touch: call this from one. */
export function allowSound(): void {
  audio ??= new AudioContext();
  void audio.resume();
}

export function play(tone: Tone): void {
  if (audio?.state !== "running") return;
  for (const [hertz, start, length] of NOTES[tone]) {
    const oscillator = audio.createOscillator();
    const volume = audio.createGain();
    const from = audio.currentTime + start;
    oscillator.type = tone === "bad" ? "sawtooth" : "sine";
    oscillator.frequency.value = hertz;
    volume.gain.setValueAtTime(0.35, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + length);
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start(from);
    oscillator.stop(from + length);
  }
  if ("vibrate" in navigator) navigator.vibrate(tone === "good" ? 60 : [120, 80, 120]);
}
