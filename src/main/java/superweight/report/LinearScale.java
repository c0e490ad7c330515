package superweight.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * A linear axis whose ends fit the values; what is infinite or not a number gets a strip at an end.
 *
 * @param low the smallest value with a place of its own
 * @param high the largest
 * @param strips at the lower end for minus infinity, at the upper for infinity and what is not a number
 */
record LinearScale(double low, double high, Strips strips) implements Scale {
    private static final double MARGIN = 0.08;
    private static final double STRIP = 0.14;
    private static final int MOST_TICKS = 7;

    /** The scale that shows these values, whichever of them have a place. */
    static LinearScale of(double... values) {
        double[] placed = DoubleStream.of(values).filter(Double::isFinite).toArray();
        double low = Arrays.stream(placed).min().orElse(0);
        double high = Arrays.stream(placed).max().orElse(1);
        double missing = high > low ? 0 : Math.max(1e-6, 0.05 * Math.abs(high));
        boolean left = DoubleStream.of(values).anyMatch(value -> value == Double.NEGATIVE_INFINITY);
        boolean right = DoubleStream.of(values)
                .anyMatch(value -> value == Double.POSITIVE_INFINITY || Double.isNaN(value));
        return new LinearScale(low - missing, high + missing, new Strips(left, right));
    }

    @Override
    public boolean hasPlace(double value) {
        return Double.isFinite(value);
    }

    @Override
    public double position(double value) {
        if (hasPlace(value)) {
            return value;
        }
        return value < 0 ? left() + STRIP / 2 * span() : right() - STRIP / 2 * span();
    }

    @Override
    public double left() {
        return low - (MARGIN + (strips.left() ? STRIP : 0)) * span();
    }

    @Override
    public double right() {
        return high + (MARGIN + (strips.right() ? STRIP : 0)) * span();
    }

    /** Multiples of 1, 2 or 5 times a power of ten. */
    @Override
    public List<Double> ticks() {
        double from = low - MARGIN * span();
        double to = high + MARGIN * span();
        double decade = Math.pow(10, Math.floor(Math.log10((to - from) / MOST_TICKS)));
        double step = DoubleStream.of(1, 2, 5, 10)
                .map(each -> each * decade)
                .filter(each -> (to - from) / each <= MOST_TICKS)
                .findFirst()
                .orElseThrow();
        return LongStream.rangeClosed((long) Math.ceil(from / step), (long) Math.floor(to / step))
                .mapToObj(each -> new BigDecimal(each * step).round(MathContext.DECIMAL32).doubleValue())
                .toList();
    }

    /** To a thousandth of the span or a little finer. */
    @Override
    public CellFormat labels() {
        return CellFormat.fixed(Math.max(0, 3 - (int) Math.ceil(Math.log10(span()))));
    }

    private double span() {
        return high - low;
    }
}
