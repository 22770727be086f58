"""SIA DC-09, the protocol of alarm panels over IP: bytes in, values and reply bytes out. No sockets, no clock.

    bytes --framing--> RawFrame --judge--> Verdict --signals--> Arrival        what the receiver stores
                                             `------answers--> bytes          what the panel is told

`header`, `crypto` and `keys` are the pieces, `encode` is the way back, `doctor` explains a frame to a person. Nothing
is imported here, so that whoever needs the framing alone does not load the cryptography.

Source: the page on DC-09 in docs/reference/dc09-library.md; marks there say how sure each item is.
"""
