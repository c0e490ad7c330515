package superweight.report;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/** The versions of what runs in this process, asked of the class path and never of a native library. */
final class RuntimeVersions {
    /** Set by the notebook extension, as only the kernel knows its version. */
    static final String KERNEL_PROPERTY = "superweight.kernel.version";

    private RuntimeVersions() {}

    static Provenance.Versions here() {
        return new Provenance.Versions(
                Optional.ofNullable(RuntimeVersions.class.getPackage().getImplementationVersion())
                        .orElse("built from source, not packaged"),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                Engine.getDjlVersion(),
                pytorch(),
                System.getProperty(KERNEL_PROPERTY, Provenance.NOT_AVAILABLE));
    }

    /** From the file that libtorch's jar carries: asking the engine would load and unpack libtorch. */
    private static String pytorch() {
        try (InputStream in = RuntimeVersions.class.getResourceAsStream("/native/lib/pytorch.properties")) {
            if (in == null) {
                return Provenance.NOT_AVAILABLE;
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version") + " " + properties.getProperty("flavor");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
