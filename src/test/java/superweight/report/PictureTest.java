package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureTest {
    private static final String LONG = "Perplexity with a number of weights pruned, one after the other: "
            + "a-model-with-a-very-long-name-Instruct-Q4_1 on wikitext2";

    @Test
    void aTitleThatIsTooLongForALineTakesTwo() throws IOException {
        BufferedImage one = image("Perplexity");
        BufferedImage two = image(LONG);
        assertEquals(2 * Figure.WIDTH, one.getWidth());
        assertEquals(2 * Figure.WIDTH, two.getWidth());
        assertEquals(one.getHeight() + 2 * 18, two.getHeight());
    }

    @Test
    void noTitleRunsIntoTheEdge() throws IOException {
        BufferedImage image = image(LONG);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x : new int[] {0, 10, image.getWidth() - 11, image.getWidth() - 1}) {
                assertEquals(0xFFFFFF, image.getRGB(x, y) & 0xFFFFFF, "at " + x + ", " + y);
            }
        }
    }

    @Test
    void theVectorPictureIsAsLargeAsTheOtherOne() throws IOException {
        Figure figure = figure(LONG);
        String svg = new String(figure.svg(), StandardCharsets.UTF_8);
        BufferedImage png = image(LONG);
        assertTrue(svg.contains("viewBox=\"0 0 %d %d\"".formatted(png.getWidth() / 2, png.getHeight() / 2))
                || svg.contains("viewBox=\"0.0 0.0 %d.0 %d.0\"".formatted(png.getWidth() / 2, png.getHeight() / 2)),
                svg.substring(0, 600));
    }

    private static BufferedImage image(String title) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(figure(title).png()));
    }

    private static Figure figure(String title) {
        return new DotFigure(title, "perplexity", List.of(DotFigure.Point.of("original", 20)));
    }
}
