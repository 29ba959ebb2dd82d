/** Moving in a table with the arrow keys: one cell is in the tab order, the others are an arrow away. */
export interface GridPlace {
  row: number;
  column: number;
}

/** Where a key leads in a table of this size, or undefined when the key is not the table's. */
export function gridMove(at: GridPlace, key: string, rows: number, columns: number): GridPlace | undefined {
  const clamp = (n: number, size: number) => Math.min(size - 1, Math.max(0, n));
  switch (key) {
    case "ArrowLeft":
      return { ...at, column: clamp(at.column - 1, columns) };
    case "ArrowRight":
      return { ...at, column: clamp(at.column + 1, columns) };
    case "ArrowUp":
      return { ...at, row: clamp(at.row - 1, rows) };
    case "ArrowDown":
      return { ...at, row: clamp(at.row + 1, rows) };
    case "Home":
      return { ...at, column: 0 };
    case "End":
      return { ...at, column: columns - 1 };
    default:
      return undefined;
  }
}
