"""The window. PySide6 lives here and nowhere else.

How it is put together, for whoever adds a page:

* ``app.py`` opens the window; ``main_window.py`` holds navigation, pages, message bar and toasts.
* A page is a ``page.Page``: a thin view that is handed a ``app_context.AppContext`` (services, current course, jobs,
  errors, undo, navigation) and draws what it gets. It is registered in ``pages/__init__.py``.
* Every visible text goes through ``i18n.tr`` or, when it stays on the screen, through ``TranslatedWidget.bind_text``,
  which sets it again after a change of language. ``resources/translations/attendance_es.ts`` has the Spanish;
  ``python tests/ui/collect_strings.py`` brings new texts into it.
* Anything that reads or computes runs as a job: ``self.context.run(function, done=...)``; the function gets a
  ``services.jobs.JobContext`` and never touches a widget.
* Colours come from ``palette.py`` (also ``theme.palette()`` for painting), icons from ``icons.icon``,
  the look of a status from ``status_look.py``, dates and numbers from ``dates.py``.
* Measures are multiples of 8 pixels at 100 %; ``theme.px(8)`` scales them with the text.
"""
