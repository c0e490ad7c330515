package superweight.cli;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The page that a quantized folder carries with it, in Markdown.
 *
 * @param command the words of the command line that made it
 */
record ModelCard(QuantizeReport report, List<String> command) {
    String text() {
        return """
                # %s, fake-quantized to %d bits

                The weights of every linear layer are rounded to %d levels per block (round-to-nearest, blocks of %s,
                clipping: %s) and stored as %s again: the model behaves as a quantized one would, but this folder is no
                smaller and runs no faster. Embedding, output projection and norms are the original's.

                - **Original:** %s, SHA-256 `%s`
                - **Made by:** superweight, with the command below
                - **Held out:** %s
                - **Error:** %s; by layer and matrix in `quantization-report.json`

                ```
                %s
                ```

                It comes under the licence of the original.
                """.formatted(
                report.model(), report.bits(), 1 << report.bits(), report.block().getAsString(), report.clip(),
                report.dtype(), report.model(), report.sha256(), heldOut(), report.summary(),
                command.stream().map(ShellWord::quoted).collect(Collectors.joining(" ")));
    }

    private String heldOut() {
        return report.heldOut().isEmpty()
                ? "no weight"
                : report.heldOut().stream()
                        .map(weight -> "layer %d `mlp.down_proj.weight[%d, %d]` = %s".formatted(
                                weight.layer(), weight.row(), weight.column(), weight.written()))
                        .collect(Collectors.joining("; "));
    }
}
