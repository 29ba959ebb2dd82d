/** What every component may ask of the panel that holds it: to send a message, and to remember what is folded open. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { FromPanel } from "../messages";

export interface Panel {
  send(message: FromPanel): void;
  /** Is this part folded open? `otherwise` holds as long as the reader has not touched it. */
  isOpen(id: string, otherwise: boolean): boolean;
  setOpen(id: string, open: boolean): void;
}

export const PanelContext = createContext<Panel>({
  send: () => {},
  isOpen: (_id, otherwise) => otherwise,
  setOpen: () => {},
});

export const usePanel = (): Panel => useContext(PanelContext);
