package superweight.report;

import java.util.Set;
import org.knowm.xchart.XYChart;

/** A figure as data; {@link FigureStyle} says what all of them look like. */
public interface Figure {
    /** Width of a figure in a notebook, in pixels. */
    int WIDTH = 760;

    /** Whose values are drawn. */
    enum Source {
        THIS_RUN("this run"), PAPER("paper");

        private final String words;

        Source(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** How an axis maps values to places. */
    enum Axis {
        LINEAR {
            @Override
            Scale scale(double... values) {
                return LinearScale.of(values);
            }
        },
        LOGARITHMIC {
            @Override
            Scale scale(double... values) {
                return LogScale.of(values);
            }
        };

        /** A scale that shows these values. */
        abstract Scale scale(double... values);
    }

    /** A dashed line to compare with, such as the original's perplexity. */
    record Reference(String label, double value) {}

    /** What is shown, in a few words. */
    String title();

    /** Whose values are drawn. */
    Set<Source> sources();

    /** How to read it, in sentences of a caption: the axes, and what stands out from this run's values. */
    String reading();

    /** The drawing, without its title. */
    XYChart chart();

    /** What is drawn, exactly, as comma-separated values. */
    String csv();

    /** The picture as PNG. */
    default byte[] png() {
        return new Picture(this).png();
    }

    /** The picture as SVG. */
    default byte[] svg() {
        return new Picture(this).svg();
    }
}
