package superweight.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import superweight.InvalidInputException;
import superweight.checkpoint.Checkpoint;
import superweight.measure.Condition;
import superweight.measure.Perplexity;
import superweight.measure.WindowedText;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.quantize.Blocks;
import superweight.quantize.OutlierTreatment;
import superweight.quantize.Quantizer;
import superweight.quantize.WeightQuantization;

/** {@code superweight blocks}: perplexity with weights rounded in ever larger blocks, as in paper Figure 7. */
@Command(
        name = "blocks",
        mixinStandardHelpOptions = true,
        description = {
            "Perplexity of a text with the weights of all linear layers rounded to nearest, block size by block size.",
            "Blocks are runs of consecutive weights with 2^bits - 1 steps from their smallest weight to their largest;"
                    + " all in float32. The text is cut into windows as by the command perplexity."
        })
final class BlocksCommand implements Callable<Integer> {
    @Mixin private ModelOptions modelOptions;
    @Mixin private TextOptions textOptions;
    @Mixin private Output output;

    @Option(names = "--bits", paramLabel = "N", required = true, description = "bits of a weight, from 2 to 8")
    private int bits;

    @Option(
            names = "--blocks",
            paramLabel = "N,N...",
            required = true,
            description = "weights of a block, such as 64,4096,tensor: tensor is each matrix as one block")
    private String blocks;

    @Option(
            names = "--clip",
            paramLabel = ClipOption.FORM,
            defaultValue = "none",
            description = ClipOption.DESCRIPTION)
    private String clip;

    @Option(
            names = "--restore",
            paramLabel = "L:R:C",
            description = {
                "hold out down_proj.weight[R, C] of layer L: put it back as it was, after rounding; may be repeated",
                "(R = row = output channel, C = column = input channel, all from 0)"
            })
    private List<String> restore = new ArrayList<>();

    @Option(
            names = "--ragged",
            paramLabel = "own|whole",
            defaultValue = "own",
            description = "where a matrix is not a whole number of blocks: own (the default) makes its last run a block"
                    + " of its own; whole makes the whole matrix one, as the paper's code does")
    private Ragged ragged;

    /** What becomes of a matrix that is not a whole number of blocks. */
    enum Ragged {
        OWN,
        WHOLE
    }

    @Override
    public Integer call() {
        List<BlockOption> sizes = sizes();
        ClipOption clipping = ClipOption.parse(clip);
        List<Quantizer> quantizers = sizes.stream()
                .map(size -> Quantizer.roundToNearest(bits, cut(size)).clipping(clipping.clip()))
                .toList();
        List<Coordinate> restored = Coordinates.distinct(restore, "--restore");
        WindowedText text = textOptions.read();
        // Before the weights are read, which may take long.
        Checkpoint checkpoint = modelOptions.open();
        restored.forEach(place -> Intervention.prune(place).check(checkpoint.config()));
        List<Condition> conditions = new ArrayList<>(List.of(Condition.ORIGINAL));
        for (int i = 0; i < sizes.size(); i++) {
            conditions.add(new WeightQuantization(quantizers.get(i), OutlierTreatment.CLIP_AND_RESTORE)
                    .condition(sizes.get(i).toString(), checkpoint.config(), restored));
        }
        try (CausalLM model = modelOptions.load(checkpoint)) {
            List<Perplexity> measured = measure(model, text, conditions);
            BlocksReport report =
                    BlocksReport.of(bits, clipping, sizes, quantizers, checkpoint.config(), measured);
            Subject of = new Subject(modelOptions.model(), text.name(), text.sha256(), measured.get(0).window(),
                    measured.get(0).windows(), restore);
            output.print(report.document(of), report.lines());
        }
        return 0;
    }

    private List<BlockOption> sizes() {
        String option = "--blocks '" + blocks + "'";
        List<BlockOption> sizes =
                Stream.of(blocks.split(",", -1)).map(typed -> BlockOption.parse(typed, option)).toList();
        Set<BlockOption> seen = new HashSet<>();
        for (BlockOption size : sizes) {
            if (!seen.add(size)) {
                throw new InvalidInputException(
                        "--blocks must name each block size once, but '" + blocks + "' names " + size + " twice.");
            }
        }
        return sizes;
    }

    private Blocks cut(BlockOption size) {
        return switch (ragged) {
            case OWN -> size.blocks();
            case WHOLE -> size.size().length().isPresent()
                    ? new Blocks.RunsOrWhole(size.size().length().getAsInt()) : size.blocks();
        };
    }

    private List<Perplexity> measure(CausalLM model, WindowedText text, List<Condition> conditions) {
        List<int[]> windows = textOptions.windows(model, text);
        try (TerminalProgress progress = TerminalProgress.start("blocks")) {
            return Perplexity.measureAll(model, windows, conditions, progress);
        }
    }
}
