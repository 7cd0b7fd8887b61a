"""Guides and questions as folders of Markdown: read with `import_guides`, written with
`export_guides`.

`<slug>/guide.md` with its pictures and films beside it:

    ---
    title: Your first day
    purpose: You find your way.
    ---

    ## Look around {#9b2d…}

    Press **Go**. (Any Markdown.)

    **Control:** Go
    **You should see:** A list.

    ![The first page](look-around.png)

    ```callouts
    - kind: box
      text: Press it
      box: {x: 10, y: 20, w: 30, h: 15}
      selector: '#go'
    ```

    ```page
    address: /runbooks/
    role: reader
    ```

    ```video
    title: The tour
    file: tour.mp4
    ```

All parts but the heading may be missing. The key behind the heading says which step it is, so that
ticks survive; without one a step keeps its key by its title. A line of the text that looks like one
of these parts begins with a backslash. A plain file needs none of this: every second-level heading
is a step, or every item of the first numbered list.

`questions/<topic>.md` holds questions: each second-level heading is one, its answer follows.
"""
