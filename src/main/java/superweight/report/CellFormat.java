package superweight.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import superweight.stats.Interval;

/** How a number of a published table is written; the same on every machine, whatever its locale. */
@FunctionalInterface
public interface CellFormat {
    /** What stands where nothing was measured. */
    String MISSING = "–";

    /** The digits of a finite number. */
    String digits(double finite);

    /** A fixed number of decimals: {@code fixed(2)} writes 19.92. */
    static CellFormat fixed(int decimals) {
        // What rounds to zero has no sign.
        return value -> String.format(Locale.ROOT, "%." + decimals + "f", value).replaceFirst("^-(0(\\.0*)?)$", "$1");
    }

    /** So many significant digits, never in E notation: {@code significant(3)} writes 10.9, 217, 0.500. */
    static CellFormat significant(int digits) {
        return value -> {
            BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits));
            int beforeThePoint = rounded.precision() - rounded.scale();
            return value == 0 ? "0" : rounded
                    .setScale(Math.max(0, digits - beforeThePoint), RoundingMode.HALF_EVEN)
                    .toPlainString();
        };
    }

    /**
     * The same for numbers from {@code low} to below {@code high}; of all others one digit and the power of ten: {@code
     * 5e5}, {@code 2e-4}.
     */
    static CellFormat significantBetween(double low, double high, int digits) {
        CellFormat within = significant(digits);
        return value -> low <= Math.abs(value) && Math.abs(value) < high || value == 0
                ? within.digits(value)
                : String.format(Locale.ROOT, "%.0e", value).replaceFirst("e\\+?(-?)0*", "e$1");
    }

    /** As few digits as tell the number from its neighbours: 10, 0.3, 1211.11. */
    static CellFormat shortest() {
        return value -> new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }

    /** The number in this format; infinity as a word, NaN (tablesaw's missing value) as a dash. */
    default String format(double value) {
        if (Double.isNaN(value)) {
            return MISSING;
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "infinite" : "minus infinite";
        }
        return digits(value);
    }

    /** "10.9 [9.8, 12.1]": an estimate with the ends of its interval. */
    default String format(Interval interval) {
        return "%s [%s, %s]".formatted(
                format(interval.estimate()), format(interval.low()), format(interval.high()));
    }
}
