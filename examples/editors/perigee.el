;;; perigee.el --- talk to a patch that plays  -*- lexical-binding: t -*-
;; SPDX-FileCopyrightText: 2026 The Perigee developers
;; SPDX-License-Identifier: GPL-3.0-or-later
;;
;; C-c C-e sends the region, or the paragraph around the cursor, to the patch that plays.

(defvar perigee-options "" "What perigee send is given besides, such as \"-n synth\".")

(defun perigee-send ()
  "Send the region or the paragraph to the patch that plays."
  (interactive)
  (save-buffer)
  (save-excursion
    (unless (use-region-p)
      (mark-paragraph)
      (skip-chars-forward "\n"))
    (let ((from (line-number-at-pos (region-beginning)))
          (to (line-number-at-pos (max (region-beginning) (1- (region-end))))))
      (shell-command
       (format "perigee send %s %s" perigee-options
               (shell-quote-argument (format "%s:%d-%d" buffer-file-name from to))))
      (deactivate-mark))))

(with-eval-after-load 'lua-mode
  (define-key (symbol-value 'lua-mode-map) (kbd "C-c C-e") #'perigee-send))
