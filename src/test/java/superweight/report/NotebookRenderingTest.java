package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

class NotebookRenderingTest {
    private static final Table TABLE = Table.create(DoubleColumn.create("perplexity", 12345678.9));

    private final Renderer renderer = new Renderer();
    private final List<DisplayData> shownBefore = new ArrayList<>();

    @BeforeEach
    void install() {
        NotebookRendering.register(renderer, shownBefore::add);
    }

    @Test
    void theKernelFindsTheExtension() {
        assertTrue(ServiceLoader.load(Extension.class).stream()
                .anyMatch(provider -> provider.type() == NotebookRendering.class));
    }

    @Test
    void tablesShowAsHtmlWithoutENotation() {
        for (Object table : List.of(TABLE, ResultTable.of(TABLE).format("perplexity", CellFormat.fixed(0)))) {
            DisplayData shown = renderer.render(table);
            String html = (String) shown.getData(MIMEType.TEXT_HTML);
            assertTrue(html.startsWith("<table>") && html.contains(">1234") && !html.contains("E7"), html);
            assertEquals("(a table)", shown.getData(MIMEType.TEXT_PLAIN));
        }
    }

    @Test
    void verdictsShowAsHtml() {
        Results.Setting setting = new Results.Setting("m", "t");
        VerdictTable table = VerdictTable.of(new Claims(List.of(
                ClaimFixture.claim("5.67", Comparison.RELATIVE, 0.02, ""))), Results.of(setting, List.of()), setting);
        DisplayData shown = renderer.render(table);
        assertTrue(((String) shown.getData(MIMEType.TEXT_HTML)).contains("not run"));
        assertEquals("(a table of verdicts)", shown.getData(MIMEType.TEXT_PLAIN));
    }

    @Test
    void whatMayBeThereShowsAsItselfOrAsNotMeasured() {
        Optional<ResultTable> table = Optional.of(ResultTable.of(TABLE));
        assertEquals(renderer.render(table.get()).getData(MIMEType.TEXT_HTML),
                renderer.render(table).getData(MIMEType.TEXT_HTML));
        assertEquals("(not measured in this run)", renderer.render(Optional.empty()).getData(MIMEType.TEXT_PLAIN));
    }

    @Test
    void figuresShowAsPng() {
        Figure figure = new DotFigure("t", "x", List.of(DotFigure.Point.of("original", 20)));
        assertPicture(renderer.render(figure));
        assertEquals(List.of(), shownBefore);
    }

    @Test
    void aCaptionStandsUnderItsPictureAndIsReadOutInstead() {
        Figure figure = new DotFigure("t", "x", List.of(DotFigure.Point.of("original", 20)));
        DisplayData words = renderer.render(new CaptionedFigure(figure, "down_proj < 3."));
        assertEquals("<p class=\"caption\">down_proj &lt; 3.</p>", words.getData(MIMEType.TEXT_HTML));
        assertEquals("down_proj < 3.", words.getData(MIMEType.TEXT_PLAIN));
        assertEquals(1, shownBefore.size());
        assertPicture(shownBefore.get(0));
        String message = new Gson().toJson(shownBefore.get(0));
        assertTrue(message.contains("\"alt\":\"down_proj \\u003c 3.\""), message);
    }

    private static void assertPicture(DisplayData shown) {
        byte[] png = Base64.getDecoder().decode(
                assertInstanceOf(String.class, shown.getData(MIMEType.IMAGE_PNG)));
        assertEquals("PNG", new String(png, 1, 3, StandardCharsets.US_ASCII));
        assertEquals("(a figure)", shown.getData(MIMEType.TEXT_PLAIN));
    }
}
