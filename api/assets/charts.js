/* Draws each chart from the table next to it. The table stays, for screen readers and browsers without scripts. */
;(() => {
  const DAY_MS = 86_400_000
  const HEIGHT = 240
  const styles = getComputedStyle(document.documentElement)
  const colorOf = (name) => styles.getPropertyValue(name).trim()

  function draw(figure) {
    const { uPlot } = globalThis
    // Not the legend, which is a table too once the chart is drawn.
    const table = figure.querySelector('.table-of-chart table')
    const place = figure.querySelector('.plot')
    const rows = [...table.tBodies[0].rows]
    const numbersOf = (column) => rows.map((row) => Number(row.cells[column].dataset.value))
    const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent)
    const kinds = [...table.tHead.rows[0].cells].map((cell) => cell.dataset.draw)
    const colors = [colorOf('--accent'), colorOf('--info'), colorOf('--bad')]
    const locale = document.documentElement.lang
    const format = new Intl.NumberFormat(locale)
    const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
    const drawn = names.map((_, column) => column).filter((column) => kinds[column] !== undefined)
    const series = drawn.map((column, index) => ({
      label: names[column],
      stroke: colors[index],
      width: 2,
      fill: kinds[column] === 'area' ? `${colors[index]}22` : undefined,
      ...(kinds[column] === 'bars' && {
        fill: colors[index],
        width: 0,
        paths: uPlot.paths.bars({ size: [0.7, 24], radius: 0.2 }),
      }),
      points: { show: false },
      value: (_, value) => (value === null ? '–' : format.format(value)),
    }))
    const axis = {
      stroke: colorOf('--muted'),
      grid: { stroke: colorOf('--line'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    }
    const most = Math.max(1, ...drawn.flatMap((column) => numbersOf(column)))
    const options = {
      width: place.clientWidth,
      height: HEIGHT,
      cursor: { y: false },
      // Without a pointer the legend shows the latest day.
      hooks: {
        setLegend: [({ legend, setLegend }) => legend.idx ?? setLegend({ idx: rows.length - 1 })],
      },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
      scales: { y: { range: [0, most * 1.1] } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 32,
          space: 70,
          values: (_, ticks) => ticks.map((tick) => day.format(new Date(tick * 1_000))),
          incrs: [1, 2, 7, 14, 30].map((days) => (days * DAY_MS) / 1_000),
        },
        {
          ...axis,
          size: 56,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6, 1e7],
          values: (_, ticks) => ticks.map((tick) => format.format(tick)),
        },
      ],
      series: [
        { label: names[0], value: (_, seconds) => (seconds ? day.format(seconds * 1_000) : '–') },
        ...series,
      ],
    }
    const times = rows.map((row) => Date.parse(row.cells[0].dataset.value) / 1_000)
    place.replaceChildren()
    figure.classList.add('drawn')
    // The table is open for browsers without scripts.
    figure.querySelector('details').open = false
    const plot = new uPlot(
      { ...options, width: place.clientWidth },
      [times, ...drawn.map((column) => numbersOf(column))],
      place,
    )
    plot.setLegend({ idx: rows.length - 1 })
    return () => plot.setSize({ width: place.clientWidth, height: HEIGHT })
  }

  const figures = [...document.querySelectorAll('figure.chart')]
  let resize = figures.map(draw)
  addEventListener('resize', () => {
    for (const each of resize) each()
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    resize = figures.map(draw)
  })
})()
