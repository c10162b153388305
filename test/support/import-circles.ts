/**
 * Finds cycles in a graph of imports, by Tarjan's algorithm.
 *
 * @param imports each file with the files that it imports.
 * @returns each group of files that import each other, as one line.
 */
export function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const circles: string[] = []

  function visit(file: string): number {
    const own = index.size
    index.set(file, own)
    low.set(file, own)
    stack.push(file)
    for (const next of imports.get(file) ?? []) {
      if (!imports.has(next)) continue
      const reached = index.has(next)
        ? stack.includes(next)
          ? index.get(next)!
          : own
        : visit(next)
      low.set(file, Math.min(low.get(file)!, reached))
    }
    if (low.get(file) === own) {
      const group = stack.splice(stack.indexOf(file))
      if (group.length > 1) circles.push(group.sort().join(', '))
    }
    return low.get(file)!
  }

  for (const file of imports.keys()) if (!index.has(file)) visit(file)
  return circles
}
