/** Keeps the display on while a label is aimed at or an inspection is answered, where the browser can. */
export function keepAwake(): () => void {
  if (!("wakeLock" in navigator)) return () => {};
  let lock: WakeLockSentinel | undefined;
  let over = false;
  const ask = async () => {
    if (over || document.visibilityState !== "visible") return;
    try {
      lock = await navigator.wakeLock.request("screen");
      // The screen may have been left while the browser thought.
      if (over) await lock.release();
    } catch {
      // Saving power: the display goes off as the phone is set.
    }
  };
  const again = () => void ask();
  document.addEventListener("visibilitychange", again);
  again();
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", again);
    void lock?.release();
  };
}
