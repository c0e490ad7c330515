package superweight.model;

/** Says why a native library cannot be used: the libraries' own sentences leave out the system's reason. */
final class NativeLibrary {
    private NativeLibrary() {}

    /** The exception to throw, with the reason that lies at the bottom of {@code problem}: a full disk, say. */
    static IllegalStateException unusable(String library, Throwable problem) {
        Throwable reason = problem;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return new IllegalStateException("The native library of the " + library
                + " could not be unpacked or loaded: " + reason.getMessage(), problem);
    }
}
