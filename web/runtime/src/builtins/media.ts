// video and audio, on the browser's own players.
import { part, type Behaviour } from "./_kit";
const { Builtin, view, addSheet } = window.$M;

addSheet(`
mm-video{display:inline-block;position:relative;width:300px;height:225px;overflow:hidden;background:#000;line-height:0}
mm-video>video{width:100%;height:100%;object-fit:contain}
mm-audio{display:inline-block;line-height:0}
mm-audio>audio{display:block}
`, true);

abstract class Player extends Builtin implements Behaviour {
  protected media!: HTMLMediaElement;
  private last = 0;

  protected abstract make(): HTMLMediaElement;
  override mount(): void {
    const m = (this.media = this.make());
    m.preload = "metadata";
    m.addEventListener("play", () => this.fire("play", {}));
    m.addEventListener("pause", () => {
      if (!m.ended) this.fire("pause", {});
    });
    m.addEventListener("ended", () => this.fire("ended", {}));
    m.addEventListener("waiting", () => this.fire("waiting", {}));
    m.addEventListener("timeupdate", () => {
      if (Math.abs(m.currentTime - this.last) < 0.25) return;
      this.last = m.currentTime;
      this.fire("timeupdate", { currentTime: m.currentTime, duration: m.duration || 0 });
    });
    m.addEventListener("error", () => {
      if (m.getAttribute("src")) this.fire("error", { errMsg: m.error?.message || "MEDIA_ERR_" + (m.error?.code ?? "") });
    });
    m.addEventListener("loadedmetadata", () => {
      const start = this.num("initial-time", 0);
      if (start > 0) m.currentTime = start;
      this.fire("loadedmetadata", { width: (m as HTMLVideoElement).videoWidth ?? 0, height: (m as HTMLVideoElement).videoHeight ?? 0, duration: m.duration || 0 });
    });
    m.addEventListener("progress", () => {
      const { buffered, duration } = m;
      if (buffered.length && duration) this.fire("progress", { buffered: (buffered.end(buffered.length - 1) / duration) * 100 });
    });
    this.append(m);
  }
  override changed(name: string, value: unknown): void {
    const m = this.media;
    if (name === "src") {
      const src = view.builtins.asset(value, this);
      if (src === m.getAttribute("src")) return;
      if (src) m.src = src;
      else m.removeAttribute("src");
    } else if (name === "loop") m.loop = !!value;
    else if (name === "muted") m.muted = !!value;
    else if (name === "autoplay") m.autoplay = !!value;
    else if (name === "controls") m.controls = value !== false;
  }
  override leave(): void {
    this.media.pause();
  }
  context(method: string, args: unknown[]): unknown {
    const m = this.media;
    switch (method) {
      case "play": return m.play().then(() => undefined);
      case "pause": return void m.pause();
      case "stop":
        m.pause();
        m.currentTime = 0;
        return undefined;
      case "seek": return void (m.currentTime = Math.max(0, Number(args[0]) || 0));
      case "playbackRate": return void (m.playbackRate = Math.min(4, Math.max(0.25, Number(args[0]) || 1)));
      case "setSrc": return this.changed("src", args[0]);
      case "requestFullScreen": return m.requestFullscreen();
      case "exitFullScreen": return document.exitFullscreen();
    }
    throw new Error(`${this.localName.slice(3)} has no method ${method}`);
  }
}

class Video extends Player {
  protected override make(): HTMLVideoElement {
    const video = part("video");
    video.playsInline = true;
    video.controls = true;
    video.addEventListener("fullscreenchange", () => {
      const on = document.fullscreenElement === video;
      this.fire("fullscreenchange", { fullScreen: on, direction: innerWidth > innerHeight ? "horizontal" : "vertical" });
    });
    return video;
  }
  override changed(name: string, value: unknown): void {
    const video = this.media as HTMLVideoElement;
    if (name === "poster") video.poster = view.builtins.asset(value, this);
    else if (name === "object-fit") video.style.objectFit = /^(contain|cover|fill)$/.test(String(value)) ? String(value) : "";
    else super.changed(name, value);
  }
}

class Audio extends Player {
  protected override make(): HTMLAudioElement {
    return part("audio");
  }
}

view.builtins.define("video", Video);
view.builtins.define("audio", Audio);
