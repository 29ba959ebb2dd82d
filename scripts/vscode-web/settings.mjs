// @ts-check

/**
 * User settings under which VS Code opens on the source and on nothing else: no welcome, no news. Whether a folder is
 * trusted is still asked.
 */
export const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  // As on the desktop: what is typed stays unsaved until the reader saves it. A VS Code in the browser would save by
  // itself.
  "files.autoSave": "off",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": "off",
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
};
