package superweight.cli;

import java.util.List;
import picocli.CommandLine.Option;
import superweight.InvalidInputException;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.Checkpoints;
import superweight.model.CausalLM;
import superweight.model.Intervention;
import superweight.model.KernelChoice;
import superweight.model.Residence;
import superweight.model.TorchEngine;

/** Which model to run, and on how many threads. */
final class ModelOptions {
    @Option(
            names = "--model",
            paramLabel = "M",
            defaultValue = Checkpoints.DEFAULT_MODEL,
            description = "${DEFAULT-VALUE} (the default, comes with the set-up), a .gguf file, a folder as Hugging"
                    + " Face transformers saves a model (config.json, tokenizer.json, .safetensors), or the name of one"
                    + " that hf download has fetched (Qwen/Qwen3-0.6B)")
    private String model;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "threads to compute with (default: all cores)")
    private Integer threads;

    @Option(
            names = "--stream",
            description = "leave the weights on disk and read each layer when its turn comes: slower, but two layers"
                    + " at a time are in memory (default: where all would take more than 0.6 of the machine's memory)")
    private boolean stream;

    /** The name or path of the model, as it was given. */
    String model() {
        return model;
    }

    CausalLM load() {
        return load(List.of());
    }

    /** Opens a model that is to be changed; a change that it has no place for is refused before weights are read. */
    CausalLM load(List<Intervention> changes) {
        Checkpoint checkpoint = open();
        changes.forEach(change -> change.check(checkpoint.config()));
        return load(checkpoint);
    }

    /** Reads the head of the model's files; what is odd there, but does no harm, goes to stderr. */
    Checkpoint open() {
        Checkpoint checkpoint = Checkpoints.open(model);
        checkpoint.warnings().forEach(System.err::println);
        return checkpoint;
    }

    /** Opens the model itself. */
    CausalLM load(Checkpoint checkpoint) {
        useThreads();
        return CausalLM.load(checkpoint, residence(checkpoint), KernelChoice.here());
    }

    /** Has the engine compute on as many threads as are asked for; for a command that needs no model to run. */
    void useThreads() {
        if (threads != null) {
            if (threads < 1) {
                throw new InvalidInputException(
                        "--threads must be at least 1, but it is " + threads + ".");
            }
            TorchEngine.useThreads(threads);
        }
    }

    private Residence residence(Checkpoint checkpoint) {
        Residence residence = stream ? Residence.DISK : Residence.fitting(checkpoint);
        if (residence == Residence.DISK && !stream) {
            System.err.println("The weights of " + model + " would take more than 0.6 of this machine's memory: they"
                    + " stay on disk, and each layer is read when its turn comes (--stream).");
        }
        return residence;
    }
}
