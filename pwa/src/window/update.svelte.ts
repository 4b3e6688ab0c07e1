/** A newer version of the page: offered once it is on the phone, and taken when the person says so. */
class Update {
  ready = $state(false);
  #registration: ServiceWorkerRegistration | null = null;

  watch(registration: ServiceWorkerRegistration): void {
    this.#registration = registration;
    registration.addEventListener("updatefound", () => {
      const coming = registration.installing;
      coming?.addEventListener("statechange", () => {
        if (coming.state === "installed" && navigator.serviceWorker.controller !== null) this.ready = true;
      });
    });
    // A page that stays open for days asks when it is looked at again.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") registration.update().catch(() => {});
    });
  }

  /** What waits lies in the phone's store, and what is half typed in the tab's own: both outlive the reload. */
  take(): void {
    const waiting = this.#registration?.waiting;
    if (!waiting) {
      window.location.reload();
      return;
    }
    navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), { once: true });
    waiting.postMessage("take-over");
  }
}

export const update = new Update();
