package io.shiftadd.http;

/** What Tomcat refuses by itself, before anybody sees it, in words: it only gives the status. */
public final class RefusedRequest {

    private RefusedRequest() {}

    /** Why, and what to do, as one sentence for the client. */
    public static String message(int status) {
        String why = switch (status) {
            case 400 ->
                "its path or a header has characters that must be escaped, an encoded slash or backslash, or is too long;"
                        + " correct it";
            case 413 -> "its body is too long; send less";
            case 414, 431 -> "its path or headers are too long; shorten them";
            case 417 -> "'Expect' may only be 100-continue; leave it out";
            case 501 -> "its Transfer-Encoding is not known here; send a Content-Length, or chunked";
            case 505 -> "it is in a version of HTTP that is not spoken here; use HTTP/1.1";
            default -> "HTTP " + status;
        };
        return "The request is refused before it is read: " + why;
    }
}
