/** Time that runs down, and can be held. */
export class Countdown {
  private left = 0;
  private from = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `ended` is called when the time is up. */
  constructor(private readonly ended: () => void) {}

  /** So many milliseconds are left; the time doesn't run yet. */
  set(milliseconds: number): void {
    this.dispose();
    this.left = milliseconds;
  }

  /** The time runs, if it doesn't run already. */
  resume(): void {
    if (this.timer !== undefined) return;
    this.from = performance.now();
    this.timer = setTimeout(() => {
      this.dispose();
      this.left = 0;
      this.ended();
    }, this.left);
  }

  pause(): void {
    if (this.timer === undefined) return;
    this.dispose();
    this.left = Math.max(0, this.left - (performance.now() - this.from));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
