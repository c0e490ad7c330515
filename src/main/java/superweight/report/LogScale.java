package superweight.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Where values stand on a logarithmic axis, in decades, and which ones it names.
 *
 * <p>XChart's own logarithmic axis throws on values of zero or less, knows no infinity and loses its
 * labels on a narrow range, so figures compute theirs and hand XChart a linear one. Values that have
 * no logarithm get a strip at the axis' end.
 *
 * @param low the smallest value with a place of its own
 * @param high the largest
 * @param strips whether there is a strip at the left end, and one at the right
 */
record LogScale(double low, double high, Strips strips) implements Scale {
    private static final double MARGIN = 0.1;
    private static final double STRIP = 0.14;
    private static final double SMALLEST_SPAN = 0.5;

    @Override
    public boolean hasPlace(double value) {
        return has(value);
    }

    private static boolean has(double value) {
        return value > 0 && !Double.isInfinite(value);
    }

    /** The scale that shows these values, whichever of them have a place. */
    static LogScale of(double... values) {
        double[] placed = DoubleStream.of(values).filter(LogScale::has).map(Math::log10).toArray();
        double low = Arrays.stream(placed).min().orElse(0);
        double high = Arrays.stream(placed).max().orElse(1);
        double missing = Math.max(0, SMALLEST_SPAN - (high - low)) / 2;
        boolean left = DoubleStream.of(values).anyMatch(value -> value <= 0);
        boolean right = DoubleStream.of(values).anyMatch(value -> !has(value) && !(value <= 0));
        return new LogScale(
                Math.pow(10, low - missing), Math.pow(10, high + missing), new Strips(left, right));
    }

    /** Zero or less stands in the left strip; infinity and what is not a number in the right one. */
    @Override
    public double position(double value) {
        if (hasPlace(value)) {
            return Math.log10(value);
        }
        return value <= 0 ? left() + STRIP / 2 * span() : right() - STRIP / 2 * span();
    }

    @Override
    public double left() {
        return Math.log10(low) - (MARGIN + (strips.left() ? STRIP : 0)) * span();
    }

    @Override
    public double right() {
        return Math.log10(high) + (MARGIN + (strips.right() ? STRIP : 0)) * span();
    }

    /** Round values to name on the axis: decades, with steps between them where there are few. */
    @Override
    public List<Double> ticks() {
        double[] steps = span() > 3 ? new double[] {1}
                : span() > 1.6 ? new double[] {1, 3}
                : span() > 0.8 ? new double[] {1, 2, 5}
                : new double[] {1, 1.5, 2, 3, 4, 5, 7};
        double from = Math.log10(low) - MARGIN * span();
        double to = Math.log10(high) + MARGIN * span();
        List<Double> ticks = new ArrayList<>();
        for (int decade = (int) Math.floor(from); decade <= to; decade++) {
            for (double step : steps) {
                // Exactly 0.3, which 3 times a tenth is not in binary.
                double tick = BigDecimal.valueOf(step).scaleByPowerOfTen(decade).doubleValue();
                if (Math.log10(tick) >= from && Math.log10(tick) <= to) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }

    @Override
    public CellFormat labels() {
        return CellFormat.significant(4);
    }

    private double span() {
        return Math.log10(high) - Math.log10(low);
    }
}
