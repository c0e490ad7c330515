package superweight.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import javax.imageio.ImageIO;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;

/** A figure as data; {@link FigureStyle} says what all of them look like. */
public interface Figure {
    /** Width of a figure in a notebook, in pixels. */
    int WIDTH = 760;

    /** PNGs are drawn larger than they are shown, so that they are sharp on any screen. */
    int PNG_SCALE = 2;

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

    /** The drawing. */
    XYChart chart();

    /** What is drawn, exactly, as comma-separated values. */
    String csv();

    /** The picture as PNG. */
    default byte[] png() {
        XYChart chart = chart();
        BufferedImage image = new BufferedImage(
                PNG_SCALE * chart.getWidth(), PNG_SCALE * chart.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(PNG_SCALE, PNG_SCALE);
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        graphics.dispose();
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The picture as SVG. */
    default byte[] svg() {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            VectorGraphicsEncoder.saveVectorGraphic(chart(), out, VectorGraphicsFormat.SVG);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
