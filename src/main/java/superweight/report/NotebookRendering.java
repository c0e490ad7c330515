package superweight.report;

import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import tech.tablesaw.api.Table;

/**
 * Shows tables and figures by themselves: a notebook cell ends with the bare expression.
 *
 * <p>The kernel finds this class through its service file. The text form is fixed, as the default,
 * an object's hash, would change with every run and so the committed notebooks.
 *
 * <p>A figure's caption is an output of its own, after the picture: readers of notebooks show a picture or the
 * words of an output, not both, and some of them drop pictures that stand inside HTML.
 */
public final class NotebookRendering implements Extension {
    @Override
    public void install(BaseKernel kernel) {
        System.setProperty(RuntimeVersions.KERNEL_PROPERTY, kernel.getVersion());
        register(kernel.getRenderer(), kernel::display);
    }

    /** @param display shows an output ahead of the one that is being made */
    static void register(Renderer renderer, Consumer<DisplayData> display) {
        html(renderer, ResultTable.class, ResultTable::html, "(a table)");
        html(renderer, VerdictTable.class, VerdictTable::html, "(a table of verdicts)");
        html(renderer, Table.class, table -> ResultTable.of(table).html(), "(a table)");
        optional(renderer);
        renderer.createRegistration(Figure.class).preferring(MIMEType.IMAGE_PNG)
                .supporting(MIMEType.TEXT_PLAIN)
                .register((figure, context) -> context.getOutputContainer().assign(picture(figure, figure.title())));
        renderer.createRegistration(CaptionedFigure.class).preferring(MIMEType.TEXT_HTML)
                .supporting(MIMEType.TEXT_PLAIN)
                .register((captioned, context) -> {
                    display.accept(picture(captioned.figure(), captioned.caption()));
                    context.renderIfRequested(MIMEType.TEXT_HTML, () ->
                            "<p class=\"caption\">" + Grid.htmlEscaped(captioned.caption()) + "</p>");
                    context.renderIfRequested(MIMEType.TEXT_PLAIN, captioned::caption);
                });
    }

    /** What a run without evaluation data has no value of. */
    private static void optional(Renderer renderer) {
        renderer.createRegistration(Optional.class).preferring(MIMEType.TEXT_HTML).supporting(MIMEType.IMAGE_PNG)
                .supporting(MIMEType.TEXT_PLAIN)
                .register((maybe, context) -> context.getOutputContainer().assign(maybe.isPresent()
                        ? renderer.render(maybe.get())
                        : new DisplayData("(not measured in this run)")));
    }

    /** The picture, with what a screen reader says instead. */
    private static DisplayData picture(Figure figure, String words) {
        DisplayData picture = new DisplayData("(a figure)");
        picture.putData(MIMEType.IMAGE_PNG, Base64.getEncoder().encodeToString(figure.png()));
        picture.putMetaData(MIMEType.IMAGE_PNG.toString(), Map.of("width", Figure.WIDTH, "alt", words));
        return picture;
    }

    private static <T> void html(
            Renderer renderer, Class<T> type, Function<T, String> form, String words) {
        renderer.createRegistration(type).preferring(MIMEType.TEXT_HTML)
                .supporting(MIMEType.TEXT_PLAIN)
                .register((value, context) -> {
                    context.renderIfRequested(MIMEType.TEXT_HTML, () -> form.apply(value));
                    context.renderIfRequested(MIMEType.TEXT_PLAIN, () -> words);
                });
    }
}
