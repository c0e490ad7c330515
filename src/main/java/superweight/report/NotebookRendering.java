package superweight.report;

import java.util.Base64;
import java.util.Map;
import java.util.function.Function;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import tech.tablesaw.api.Table;

/**
 * Shows tables and figures by themselves: a notebook cell ends with the bare expression.
 *
 * <p>The kernel finds this class through its service file. The text form is fixed, as the default,
 * an object's hash, would change with every run and so the committed notebooks.
 */
public final class NotebookRendering implements Extension {
    @Override
    public void install(BaseKernel kernel) {
        System.setProperty(RuntimeVersions.KERNEL_PROPERTY, kernel.getVersion());
        register(kernel.getRenderer());
    }

    static void register(Renderer renderer) {
        html(renderer, ResultTable.class, ResultTable::html, "(a table)");
        html(renderer, VerdictTable.class, VerdictTable::html, "(a table of verdicts)");
        html(renderer, Table.class, table -> ResultTable.of(table).html(), "(a table)");
        renderer.createRegistration(Figure.class).preferring(MIMEType.IMAGE_PNG)
                .supporting(MIMEType.TEXT_PLAIN)
                .register((figure, context) -> {
                    context.renderIfRequested(MIMEType.IMAGE_PNG,
                            () -> Base64.getEncoder().encodeToString(figure.png()));
                    context.getOutputContainer().putMetaData(MIMEType.IMAGE_PNG.toString(),
                            Map.of("width", Figure.WIDTH));
                    context.renderIfRequested(MIMEType.TEXT_PLAIN, () -> "(a figure)");
                });
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
