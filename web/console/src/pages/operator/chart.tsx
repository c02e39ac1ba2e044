// A chart of what comes in each day. This file alone brings ECharts, and only its bars.
import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef, useSyncExternalStore, type ReactNode } from "react";
import { followTheme, shown } from "../../../../host/src/theme";

use([BarChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, SVGRenderer]);

type Props = { axis: string[]; series: { name: string; values: number[] }[] };

export default function Chart({ axis, series }: Props): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const dark = useSyncExternalStore(followTheme, shown) === "dark";
  useEffect(() => {
    const it = (chart.current = init(place.current!, null, { renderer: "svg" }));
    const watch = new ResizeObserver(() => it.resize());
    watch.observe(place.current!);
    return () => {
      watch.disconnect();
      it.dispose();
    };
  }, []);
  useEffect(() => {
    const ink = dark ? "#a4a4ac" : "#5c5c63", line = dark ? "#303036" : "#e6e6ea";
    chart.current?.setOption({
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches, animationDuration: 240, aria: { enabled: true }, color: dark ? ["#7ab8ff", "#e0a44a", "#63cf98"] : ["#2f6fb8", "#d08a1d", "#3f9b6c"], textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 30, right: 8, top: 34, bottom: 24 },
      legend: { left: 0, top: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, itemGap: 18, textStyle: { color: ink } },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText", backgroundColor: dark ? "#242428" : "#ffffff", borderColor: line, textStyle: { color: dark ? "#f3f3f5" : "#1d1d1f" } },
      xAxis: { type: "category", data: axis.map((d) => d.slice(5)), axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink, hideOverlap: true } },
      yAxis: { type: "value", minInterval: 1, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } },
      series: series.map((s) => ({ name: s.name, type: "bar", stack: "all", data: s.values, barMaxWidth: 18 })),
    });
  }, [axis, series, dark]);
  return <div className="chart" ref={place} />;
}
