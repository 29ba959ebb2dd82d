/** What VS Code sets on a webview's page in its four standard themes: the variables that the panel uses, and those it might. */
export interface Theme {
  /** VS Code's class on the body. */
  body: string;
  vars: Record<string, string>;
}

const fonts = { "font-family": '"Liberation Sans", "Segoe UI", sans-serif', "font-size": "13px", "font-weight": "normal", "editor-font-family": '"DejaVu Sans Mono", monospace', "editor-font-size": "12px" };

export const themes: Record<string, Theme> = {
  "dark-modern": {
    body: "vscode-dark",
    vars: {
      ...fonts, "foreground": "#cccccc", "descriptionForeground": "#9d9d9d", "disabledForeground": "rgba(204, 204, 204, 0.5)", "icon-foreground": "#cccccc", "errorForeground": "#f85149", "focusBorder": "#0078d4",
      "scrollbarSlider-background": "rgba(121, 121, 121, 0.4)", "sideBar-background": "#181818", "sideBarSectionHeader-border": "#2b2b2b", "editor-background": "#1f1f1f", "editor-foreground": "#cccccc", "widget-border": "#313131",
      "textLink-foreground": "#4daafc", "textLink-activeForeground": "#4daafc", "button-background": "#0078d4", "button-foreground": "#ffffff", "button-hoverBackground": "#026ec1", "button-border": "rgba(255, 255, 255, 0.07)",
      "button-secondaryBackground": "#313131", "button-secondaryForeground": "#cccccc", "button-secondaryHoverBackground": "#3c3c3c", "input-background": "#313131", "input-foreground": "#cccccc", "input-border": "#3c3c3c",
      "inputValidation-errorBackground": "#5a1d1d", "inputValidation-errorBorder": "#be1100", "inputValidation-infoBackground": "#063b49", "inputValidation-infoBorder": "#007acc",
      "list-hoverBackground": "#2a2d2e", "toolbar-hoverBackground": "rgba(90, 93, 94, 0.31)", "progressBar-background": "#0078d4", "editorWarning-foreground": "#cca700", "testing-iconPassed": "#73c991", "gitDecoration-modifiedResourceForeground": "#e2c08d",
    },
  },
  "light-modern": {
    body: "vscode-light",
    vars: {
      ...fonts, "foreground": "#3b3b3b", "descriptionForeground": "#3b3b3b", "disabledForeground": "rgba(97, 97, 97, 0.5)", "icon-foreground": "#3b3b3b", "errorForeground": "#f85149", "focusBorder": "#005fb8",
      "scrollbarSlider-background": "rgba(100, 100, 100, 0.4)", "sideBar-background": "#f8f8f8", "sideBarSectionHeader-border": "#e5e5e5", "editor-background": "#ffffff", "editor-foreground": "#3b3b3b", "widget-border": "#e5e5e5",
      "textLink-foreground": "#005fb8", "textLink-activeForeground": "#005fb8", "button-background": "#005fb8", "button-foreground": "#ffffff", "button-hoverBackground": "#0258a8", "button-border": "rgba(0, 0, 0, 0.1)",
      "button-secondaryBackground": "#e5e5e5", "button-secondaryForeground": "#3b3b3b", "button-secondaryHoverBackground": "#cccccc", "input-background": "#ffffff", "input-foreground": "#3b3b3b", "input-border": "#cecece",
      "inputValidation-errorBackground": "#f2dede", "inputValidation-errorBorder": "#be1100", "inputValidation-infoBackground": "#d6ecf2", "inputValidation-infoBorder": "#007acc",
      "list-hoverBackground": "#f2f2f2", "toolbar-hoverBackground": "rgba(184, 184, 184, 0.31)", "progressBar-background": "#005fb8", "editorWarning-foreground": "#bf8803", "testing-iconPassed": "#73c991", "gitDecoration-modifiedResourceForeground": "#895503",
    },
  },
  "dark-high-contrast": {
    body: "vscode-high-contrast",
    vars: {
      ...fonts, "foreground": "#ffffff", "descriptionForeground": "rgba(255, 255, 255, 0.7)", "disabledForeground": "#a5a5a5", "icon-foreground": "#ffffff", "errorForeground": "#f48771", "focusBorder": "#f38518", "contrastBorder": "#6fc3df", "contrastActiveBorder": "#f38518",
      "scrollbarSlider-background": "rgba(111, 195, 223, 0.6)", "sideBar-background": "#000000", "sideBarSectionHeader-border": "#6fc3df", "editor-background": "#000000", "editor-foreground": "#ffffff", "widget-border": "#6fc3df",
      "textLink-foreground": "#21a6ff", "textLink-activeForeground": "#21a6ff", "button-foreground": "#ffffff", "button-border": "#6fc3df", "button-secondaryForeground": "#ffffff",
      "input-background": "#000000", "input-foreground": "#ffffff", "input-border": "#6fc3df",
      "inputValidation-errorBackground": "#000000", "inputValidation-errorBorder": "#6fc3df", "inputValidation-infoBackground": "#000000", "inputValidation-infoBorder": "#6fc3df",
      "progressBar-background": "#6fc3df", "editorWarning-foreground": "#ffd370", "testing-iconPassed": "#73c991", "gitDecoration-modifiedResourceForeground": "#e2c08d",
    },
  },
  "light-high-contrast": {
    body: "vscode-high-contrast-light vscode-high-contrast",
    vars: {
      ...fonts, "foreground": "#292929", "descriptionForeground": "rgba(41, 41, 41, 0.7)", "disabledForeground": "#7f7f7f", "icon-foreground": "#292929", "errorForeground": "#b5200d", "focusBorder": "#006bbd", "contrastBorder": "#0f4a85", "contrastActiveBorder": "#006bbd",
      "scrollbarSlider-background": "rgba(15, 74, 133, 0.4)", "sideBar-background": "#ffffff", "sideBarSectionHeader-border": "#0f4a85", "editor-background": "#ffffff", "editor-foreground": "#292929", "widget-border": "#0f4a85",
      "textLink-foreground": "#0f4a85", "textLink-activeForeground": "#0f4a85", "button-background": "#0f4a85", "button-foreground": "#ffffff", "button-hoverBackground": "#0f4a85", "button-border": "#0f4a85",
      "button-secondaryBackground": "#ffffff", "button-secondaryForeground": "#292929", "input-background": "#ffffff", "input-foreground": "#292929", "input-border": "#0f4a85",
      "inputValidation-errorBackground": "#ffffff", "inputValidation-errorBorder": "#0f4a85", "inputValidation-infoBackground": "#ffffff", "inputValidation-infoBorder": "#0f4a85", "list-hoverBackground": "rgba(15, 74, 133, 0.1)",
      "progressBar-background": "#0f4a85", "editorWarning-foreground": "#895503", "testing-iconPassed": "#007100", "gitDecoration-modifiedResourceForeground": "#895503",
    },
  },
};

/** The style that VS Code puts before a webview's own, for what the panel inherits from it. */
export const webviewDefaults = `@layer vscode {
  html { background: var(--vscode-sideBar-background); }
  body { margin: 0; padding: 0 20px; background: transparent; color: var(--vscode-editor-foreground); font: var(--vscode-font-weight) var(--vscode-font-size) var(--vscode-font-family); }
}`;
