package superweight.cli;

import picocli.CommandLine.Option;
import superweight.InvalidInputException;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.Checkpoints;
import superweight.model.CausalLM;
import superweight.model.TorchEngine;

/** Which model to run, and on how many threads. */
final class ModelOptions {
    @Option(
            names = "--model",
            paramLabel = "M",
            defaultValue = Checkpoints.DEFAULT_MODEL,
            description = "${DEFAULT-VALUE} (the default, comes with the set-up), a .gguf file, or a folder as"
                    + " Hugging Face transformers saves a model (config.json, tokenizer.json, .safetensors)")
    private String model;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "threads to compute with (default: all cores)")
    private Integer threads;

    /** The name or path of the model, as it was given. */
    String model() {
        return model;
    }

    /** Reads the model into memory; what is odd in its file, but does no harm, goes to stderr. */
    CausalLM load() {
        if (threads != null) {
            if (threads < 1) {
                throw new InvalidInputException(
                        "--threads must be at least 1, but it is " + threads + ".");
            }
            TorchEngine.useThreads(threads);
        }
        Checkpoint checkpoint = Checkpoints.open(model);
        checkpoint.warnings().forEach(System.err::println);
        return CausalLM.load(checkpoint);
    }
}
