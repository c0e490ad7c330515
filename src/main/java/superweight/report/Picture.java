package superweight.report;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;

/**
 * A figure's chart under its title, as the files that readers see.
 *
 * <p>XChart centres a title over the plot and never wraps it, so a long one would have to be drawn small; here it
 * has the whole width and as many lines as it needs.
 */
final class Picture {
    /** PNGs are drawn larger than they are shown, so that they are sharp on any screen. */
    private static final int PNG_SCALE = 2;
    private static final int LINE_HEIGHT = 18;
    private static final int MARGIN = 12;

    private final XYChart chart;
    private final List<String> title;

    Picture(Figure figure) {
        this.chart = figure.chart();
        this.title = lines(figure.title());
    }

    byte[] png() {
        BufferedImage image = new BufferedImage(
                PNG_SCALE * chart.getWidth(), PNG_SCALE * height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(PNG_SCALE, PNG_SCALE);
        paint(graphics);
        graphics.dispose();
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] svg() {
        VectorGraphics2D graphics = new VectorGraphics2D();
        paint(graphics);
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            new SVGProcessor()
                    .getDocument(graphics.getCommands(), new PageSize(0, 0, chart.getWidth(), height()))
                    .writeTo(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void paint(Graphics2D graphics) {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, chart.getWidth(), height());
        graphics.setColor(FigureStyle.INK);
        for (int i = 0; i < title.size(); i++) {
            // As outlines, so that the picture looks the same where this machine's fonts are not at hand.
            graphics.fill(new TextLayout(title.get(i), FigureStyle.TITLE, graphics.getFontRenderContext())
                    .getOutline(AffineTransform.getTranslateInstance(MARGIN, MARGIN + (i + 0.75) * LINE_HEIGHT)));
        }
        graphics.translate(0, head());
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
    }

    private int height() {
        return head() + chart.getHeight();
    }

    private int head() {
        return MARGIN + title.size() * LINE_HEIGHT;
    }

    private static List<String> lines(String title) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String word : title.strip().split("\\s+")) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (line.isEmpty() || FigureStyle.width(longer, FigureStyle.TITLE) <= Figure.WIDTH - 2 * MARGIN) {
                line = longer;
            } else {
                lines.add(line);
                line = word;
            }
        }
        lines.add(line);
        return lines;
    }
}
