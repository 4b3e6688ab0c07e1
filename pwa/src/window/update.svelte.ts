/** A newer version of the page: offered once it is on the phone, and taken when the person says so. */
class Update {
  ready = $state(false);
  #registration: ServiceWorkerRegistration | null = null;

  watch(registration: ServiceWorkerRegistration): void {
    this.#registration = registration;
    registration.addEventListener("updatefound", () => this.#look(registration));
    // A page that stays open for days asks when it is looked at again.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") registration.update().then(() => this.#look(registration), () => {});
    });
  }

  /** Offers what is on the phone already, and what is just coming once it is. */
  #look({ waiting, installing }: ServiceWorkerRegistration): void {
    if (navigator.serviceWorker.controller === null) return;
    if (waiting !== null) this.ready = true;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed") this.ready = true;
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
