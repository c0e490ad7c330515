package superweight.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import superweight.Sha256;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.FloatType;
import superweight.checkpoint.Shards;
import superweight.model.Coordinate;
import superweight.quantize.CheckpointQuantizer;
import superweight.quantize.Clip;
import superweight.quantize.Quantizer;
import superweight.report.AtomicFile;
import superweight.report.AtomicFolder;

/** {@code superweight quantize}: a model with its weights rounded, as a folder that transformers loads. */
@Command(
        name = "quantize",
        mixinStandardHelpOptions = true,
        description = {
            "Write a fake-quantized copy of a model as a Hugging Face folder: the weights of every linear layer"
                    + " rounded to the levels of a few bits and stored as floating-point numbers again, the super weights kept.",
            "Round-to-nearest from a block's smallest weight to its largest on 2^bits - 1 steps, as in section 4 of the"
                    + " paper: clip, quantize, put the weights held out back. Embedding, output projection and norms"
                    + " stay as they are."
        })
final class QuantizeCommand implements Callable<Integer> {
    static final String REPORT = "quantization-report.json";

    @Spec private CommandSpec spec;
    @Mixin private ModelOptions modelOptions;
    @Mixin private Output output;

    @Option(names = "--bits", paramLabel = "N", required = true, description = "bits of a weight, 2 to 8")
    private int bits;

    @Option(
            names = "--block",
            paramLabel = "N|tensor",
            required = true,
            description = "weights that share one step: a run of N of them, which goes on over the ends of rows, or the"
                    + " whole matrix")
    private String block;

    @Option(
            names = "--clip", paramLabel = ClipOption.FORM, defaultValue = "none", description = ClipOption.DESCRIPTION)
    private String clip;

    @Option(
            names = "--hold-out",
            paramLabel = "auto|none|L:R:C,...",
            defaultValue = HoldOut.AUTO,
            description = "weights of down_proj that keep their value: auto (the default), the super weights that the"
                    + " command find lists; none; or these (layer:row:column, from 0)")
    private String holdOut;

    @Option(
            names = "--dtype",
            paramLabel = FloatType.NAMES,
            description = "what the rounded weights are stored as (default: what they are in the model, float32 where"
                    + " that has quantized ones); all others are stored as they are in the model")
    private Optional<FloatType> dtype;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            required = true,
            description = "the folder to make; there whole or not at all")
    private Path folder;

    @Override
    public Integer call() {
        BlockOption blocks = BlockOption.parse(block, "--block");
        ClipOption clipping = ClipOption.parse(clip);
        Quantizer quantizer = Quantizer.roundToNearest(bits, blocks.blocks()).clipping(clipping.clip());
        HoldOut wanted = HoldOut.parse(holdOut);
        AtomicFolder.requireFree(folder);
        Checkpoint checkpoint = modelOptions.open();
        wanted.check(checkpoint.config());
        modelOptions.useThreads();
        List<Coordinate> heldOut = wanted.in(() -> modelOptions.load(checkpoint));
        if (heldOut.isEmpty() && wanted.isAuto()) {
            output.warn("No super weight was found, so none is held out.");
        }
        CheckpointQuantizer quantized = new CheckpointQuantizer(checkpoint, quantizer, heldOut, dtype);
        QuantizeReport report = write(checkpoint, quantized, () -> QuantizeReport.of(
                new QuantizeReport.Request(
                        modelOptions.model(), Sha256.of(checkpoint.path()), bits, blocks, clipping),
                quantized));
        if (!(clipping.clip() instanceof Clip.None) && report.total().clippedShare() == 0) {
            output.warn("--clip " + clipping + " clipped no weight.");
        }
        report.notExact().forEach(output::warn);
        output.print(report, report.lines() + "\n" + folder + " is written: --model " + ShellWord.quoted(folder.toString())
                + " runs it, and so does Hugging Face transformers");
        return 0;
    }

    /** Writes the whole folder; the report can be made once all weights have been. */
    private QuantizeReport write(
            Checkpoint checkpoint, CheckpointQuantizer quantized, Supplier<QuantizeReport> reporter) {
        Map<String, byte[]> companions = checkpoint.companions(quantized.matrixType());
        Shards shards = Shards.of(quantized.tensors(), Shards.MOST_BYTES);
        try (AtomicFolder written = AtomicFolder.begin(folder, shards.bytes() + bytes(companions))) {
            writeWeights(shards, quantized, written);
            for (Map.Entry<String, byte[]> file : companions.entrySet()) {
                written.write(file.getKey(), file.getValue());
            }
            QuantizeReport report = reporter.get();
            written.write(REPORT, (Output.json(report) + "\n").getBytes(StandardCharsets.UTF_8));
            String card = new ModelCard(report, typed()).text();
            written.write("README.md", card.getBytes(StandardCharsets.UTF_8));
            written.publish();
            return report;
        } catch (IOException e) {
            throw new UncheckedIOException("could not write " + folder + ": " + AtomicFile.reason(e), e);
        }
    }

    private static void writeWeights(Shards shards, CheckpointQuantizer quantized, AtomicFolder to) throws IOException {
        AtomicLong done = new AtomicLong();
        try (TerminalProgress progress = TerminalProgress.start("quantize")) {
            shards.write(to::create, (tensor, file) -> {
                quantized.write(tensor, file);
                progress.at((double) done.addAndGet(tensor.bytes()) / shards.bytes(), tensor.name());
            });
        }
    }

    private static long bytes(Map<String, byte[]> files) {
        return files.values().stream().mapToLong(file -> file.length).sum();
    }

    /** The command line, word by word. */
    private List<String> typed() {
        return Stream.concat(
                        Stream.of("superweight"),
                        spec.root().commandLine().getParseResult().originalArgs().stream())
                .toList();
    }
}
