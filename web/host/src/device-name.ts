// What a device calls itself, for people.

/** "Chrome · Windows" of a browser's long name for itself; "" when it says nothing known. */
export function deviceName(agent: string): string {
  const browser = /Edg\//.test(agent) ? "Edge" : /OPR\//.test(agent) ? "Opera" : /Firefox\//.test(agent) ? "Firefox" : /(Headless)?Chrome\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : "";
  const system = /iPhone/.test(agent) ? "iPhone" : /iPad/.test(agent) ? "iPad" : /HarmonyOS|OpenHarmony/.test(agent) ? "HarmonyOS" : /Android/.test(agent) ? "Android" : /Windows/.test(agent) ? "Windows" : /Mac OS X|Macintosh/.test(agent) ? "macOS" : /Linux|X11/.test(agent) ? "Linux" : "";
  return [browser, system].filter(Boolean).join(" · ") || agent.split(/[/ ]/)[0]!.slice(0, 40);
}
