package superweight.report;

import java.util.List;

/** Where the values of a figure stand on an axis, and which ones it names. */
interface Scale {
    /** Whether there is a strip at the lower end for values without a place, and one at the upper. */
    record Strips(boolean left, boolean right) {}

    /** Whether the value has a place of its own; any other stands at an end of the axis. */
    boolean hasPlace(double value);

    /** In the axis' own units, from {@link #left()} to {@link #right()}. */
    double position(double value);

    /** The lower end. */
    double left();

    /** The upper end. */
    double right();

    /** Round values to name on the axis. */
    List<Double> ticks();

    /** How values are written beside their points: no digit that the axis could not show. */
    CellFormat labels();
}
