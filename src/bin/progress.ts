export interface Progress {
  /** Shows how many of the total are done. */
  readonly show: (done: number, total: number) => void
  /** The last thing that is shown stands; other lines may follow. */
  readonly end: () => void
}

/** A bar on a terminal; elsewhere a line at every tenth of the way, so that a log stays short. */
export async function startProgress(
  unit: string,
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean } = process.stderr,
): Promise<Progress> {
  return stream.isTTY === true ? await bar(unit, stream) : lines(unit, stream)
}

async function bar(unit: string, stream: NodeJS.WritableStream): Promise<Progress> {
  const { default: progress } = await import('cli-progress')
  const format = `{bar} {percentage}% | {value} of {total} ${unit} | {eta_formatted} left`
  const shown = new progress.SingleBar(
    { format, stream, hideCursor: true },
    progress.Presets.shades_classic,
  )
  return {
    show(done, total) {
      if (!shown.isActive) shown.start(total, 0)
      shown.setTotal(total)
      shown.update(done)
    },
    end: () => shown.stop(),
  }
}

function lines(unit: string, stream: NodeJS.WritableStream): Progress {
  let tenth = 0
  return {
    show(done, total) {
      const now = total === 0 ? 10 : Math.floor((done / total) * 10)
      if (now <= tenth) return
      tenth = now
      stream.write(`${done} of ${total} ${unit}\n`)
    },
    end: () => {},
  }
}
