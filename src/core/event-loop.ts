/** Longest stretch of work between two turns of the event loop, in ms (architecture.md). */
const STRETCH = 50;

/** Lets timers, signals and rendering run when `STRETCH` ms have passed since they last could. */
export class Breather {
  private last = performance.now();

  async breathe(): Promise<void> {
    if (performance.now() - this.last < STRETCH) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.last = performance.now();
  }
}
