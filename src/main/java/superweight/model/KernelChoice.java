package superweight.model;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import superweight.InvalidInputException;

/** Which kernels a model is run with; results agree to rounding. */
public enum KernelChoice {
    /** {@link TorchScriptKernels}, or the reference where this build of libtorch does not have them. */
    FUSED,
    /** {@link NdArrayKernels}. */
    REFERENCE;

    private static final String VARIABLE = "SUPERWEIGHT_KERNELS";

    /** What the environment variable SUPERWEIGHT_KERNELS asks for; fused, where it is not set. */
    public static KernelChoice here() {
        return parse(System.getenv().getOrDefault(VARIABLE, ""));
    }

    /** The name of the kernels in use, for a result's provenance. */
    public static String nameHere() {
        try (NDManager manager = TorchEngine.newManager()) {
            return here().load(manager).name();
        }
    }

    static KernelChoice parse(String word) {
        if (word.isBlank()) {
            return FUSED;
        }
        return Arrays.stream(values())
                .filter(choice -> choice.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("%s: expected %s, found \"%s\".".formatted(
                        VARIABLE,
                        Arrays.stream(values()).map(KernelChoice::word).collect(Collectors.joining(" or ")),
                        word)));
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param manager owns what is compiled
     */
    Kernels load(NDManager manager) {
        return switch (this) {
            case FUSED -> fused(manager);
            case REFERENCE -> new NdArrayKernels();
        };
    }

    private static Kernels fused(NDManager manager) {
        return Arrays.stream(TorchScriptKernels.Linear.values())
                .flatMap(variant -> loaded(manager, variant).stream())
                .findFirst()
                .orElseGet(NdArrayKernels::new);
    }

    private static Optional<Kernels> loaded(NDManager manager, TorchScriptKernels.Linear variant) {
        try {
            return Optional.of(TorchScriptKernels.load(manager, variant));
        } catch (EngineException e) { // an operation that this build of libtorch does not have
            return Optional.empty();
        }
    }
}
