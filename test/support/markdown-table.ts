/** Rows of cells of the table below this heading, without the header; code spans without their backticks. */
export function readTable(markdown: string, heading: string): string[][] {
  const section = sectionOf(markdown, heading)
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.map((row) => row.split('|').slice(1, -1).map(plain))
}

/** The text from a heading to the next one of any rank. */
export function sectionOf(markdown: string, heading: string): string {
  const section = markdown.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`))
  if (section === undefined) throw new Error(`There is no heading ${heading}`)
  return section
}

function plain(cell: string): string {
  return cell.trim().replace(/^`([^`]*)`$/, '$1')
}
